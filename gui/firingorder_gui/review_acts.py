"""What each key of the review does, once it may do anything."""

from typing import TYPE_CHECKING

from .bottom_bar import Action

if TYPE_CHECKING:
    from .review_window import ReviewWindow


def act_at_once(window: "ReviewWindow", action: Action) -> None:
    """Do what is done with the first pressure."""
    match action:
        case Action.EARLIER | Action.LATER:
            number = (window.model.holds or window.model).neighbour(1 if action is Action.LATER else -1)
            if number is not None:
                window.choose(number)
        case Action.WHOLE_SET:
            window.model.shows_set = not window.model.shows_set
            window.refresh()
        case Action.MOVE:
            window.hand.choose_next(1)
        case Action.UNDO:
            window.hand.undo()
        case Action.OTHER_SIDE:
            window.model.turn_side()
            if window.model.lift is not None:
                window.choose_lift(window.model.lift.number)
        case Action.PICTURE:
            window.save_pictures(lens_alone=False)
        case Action.REPORT:
            window.reports.ask(window.review.recording.info.path, window.review.recording)
        case Action.HISTORY:
            window.history.open(window.review.recording)
        case _:
            pass
