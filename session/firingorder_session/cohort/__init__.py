"""A folder of recordings re-analysed in one go: found, judged on all cores or a cluster, written as tables."""
