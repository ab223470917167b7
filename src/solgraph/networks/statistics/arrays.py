"""numpy, which the extra ``statistics`` installs together with scipy."""

from typing import Any, TypeAlias

from solgraph.errors import MissingExtra

try:
    import numpy
    import scipy  # noqa: F401
except ImportError as error:
    raise MissingExtra("Statistics of networks", "statistics") from error

__all__ = ["Array", "numpy"]

Array: TypeAlias = numpy.ndarray[Any, Any]
