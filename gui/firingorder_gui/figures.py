"""How figures are written on the screen: as the report writes them, so that both say the same of one recording."""

from firingorder_session.figures import MINUS as MINUS
from firingorder_session.figures import about_milliseconds as about_milliseconds
from firingorder_session.figures import clock as clock
from firingorder_session.figures import degrees as degrees
from firingorder_session.figures import half_width as half_width
from firingorder_session.figures import integer as integer
from firingorder_session.figures import milliseconds as milliseconds
from firingorder_session.figures import signed as signed
from firingorder_session.figures import signed_milliseconds as signed_milliseconds
from firingorder_session.figures import whole as whole
