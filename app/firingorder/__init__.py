"""FiringOrder: which muscle switches on first, and how sure that is."""
