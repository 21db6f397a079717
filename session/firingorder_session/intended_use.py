"""What the product is for, and what it does not do: shown by the window, the reports, the README."""

INTENDED_USE = (
    "Research and training feedback tool. It measures the timing and size of surface muscle signals. It is not a "
    "medical device; it does not diagnose, treat, cure, predict or prevent any disease or injury. Do not use results "
    "alone to make a care decision. Stop if you feel pain."
)
