"""Many articles into one data set, in parallel, with nothing lost: `Batch`."""

from claimx.batch.run import Batch, Report, Watcher
from claimx.batch.worker import Filters, Options

__all__ = ["Batch", "Filters", "Options", "Report", "Watcher"]
