"""Workers of a Ray cluster. Ray Data reads the samples, reviews them and gives back what became of them; this process writes.

So only reading needs what the machines have in common: samples, templates and the like must lie in the same place on each. A worker that dies is
replaced, and what it had in hand is done again. Ray is an extra: it is imported when a cluster is asked for.
"""

from __future__ import annotations

import logging
import os
import pickle
import socket
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from reviewgen.config import Config
from reviewgen.errors import UserError
from reviewgen.records import dataclass
from reviewgen.sample import Item

from . import keys
from .memory import Task
from .results import Result
from .reviewing import Reviewed, review

if TYPE_CHECKING:
    from pyarrow import Table

# Samples that a worker gets at once: Ray spends some milliseconds on each message.
_TOGETHER = 4
_SECONDS_TO_ANSWER = 5
_OBJECT_STORE = 256_000_000
# Nothing is reported to anybody, and what Ray has to say of workers that it replaces goes to no stream of ours: it would come between data.
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_BACKEND_LOG_LEVEL": "fatal", "RAY_DEDUP_LOGS_SKIP_REGEX": "."}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where workers are.

    Attributes:
        address: Of a cluster that runs, as Ray has it (``auto``, ``host:port``); empty for one that this run starts on this machine.
        jobs: Most workers; 0 for one each processor.
    """

    address: str = ""
    jobs: int = 0

    def reviewed(self, tasks: Iterable[Task | Result], samples: Iterable[Item], config: Config) -> Iterator[Reviewed | Result]:
        """Yield what becomes of tasks, in no particular order, and results as they are.

        Args:
            tasks: All are looked at before the first is reviewed.
            samples: Where the workers read the tasks' samples; they are the same each time one goes through them.
            config: The configuration of all.

        Raises:
            UserError: Ray is not installed, the cluster does not answer, or its machines have not what this one has.
        """
        wanted, basis = {}, ""
        for task in tasks:
            if isinstance(task, Result):
                yield task
            else:
                wanted[task.id], basis = task.key, task.basis
        left = dict(wanted)
        with _connected(self.address, self.jobs) as workers:
            for done in _streamed(Plan(samples, wanted, basis, os.getcwd()), config, workers):
                left.pop(done.result.id, None)
                yield done
        for id, key in left.items():
            yield Reviewed(Result(id, error="the sample was there and is no longer", failure="input"), key)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be reviewed: of some samples those with a key, by id; what the keys share; and the folder from which paths count."""

    samples: Iterable[Item]
    wanted: Mapping[str, str]
    basis: str
    folder: str

    def tables(self) -> Iterator[Table]:
        """Yield tables of one row: a few tasks. This runs on the cluster."""
        os.chdir(self.folder)
        tasks = (Task(item, self.wanted[item.id], self.basis) for item in self.samples if item.id in self.wanted)
        while some := list(islice(tasks, _TOGETHER)):
            yield _table(some)


class Reviewer:
    """A worker of the cluster. It has a process of its own that reviews: so time, memory and crashes are bounded as they are elsewhere."""

    def __init__(self, folder: str, config: Config, common: Mapping[str, str]) -> None:
        """``common``: what the reviews of the batch have in common, as ``keys.common`` gives it where the batch was started.

        Raises:
            UserError: This machine would not review alike.
        """
        os.chdir(folder)
        if keys.common(config) != common:
            raise UserError("a worker has another reviewgen, other libraries or other settings' files", hint="install the same everywhere")
        self._config = config
        self._work = partial(review, config=config)
        self._open()

    def _open(self) -> None:
        from . import workers

        self._stack = ExitStack()
        self._pool = self._stack.enter_context(workers.pool(1, self._config))

    def __call__(self, table: Table) -> Table:
        """Return what becomes of the tasks in a table."""
        return _table([self._reviewed(task) for row in table["of"] for task in pickle.loads(row.as_py())])

    def _reviewed(self, task: Task) -> Reviewed:
        from . import workers

        try:
            return self._pool.submit(self._work, task).result()
        except BrokenProcessPool:
            self._stack.close()
            self._open()
            return Reviewed(workers.died(task), task.key)


def _table(values: list[Any]) -> Table:
    """Return a table of one row. Texts of samples may be no valid Unicode, which Arrow's texts must be."""
    from pyarrow import table

    return table({"of": [pickle.dumps(values)]})


def _streamed(plan: Plan, config: Config, workers: int) -> Iterator[Reviewed]:
    from ray import data
    from ray.data.block import BlockMetadata
    from ray.exceptions import RayError

    class Samples(data.Datasource):  # type: ignore[misc]
        """The samples as a source of Ray Data: one task reads them, as fast as they are reviewed."""

        def estimate_inmemory_data_size(self) -> None:
            return None

        def get_read_tasks(self, parallelism: int, *_: Any, **__: Any) -> list[data.ReadTask]:
            return [data.ReadTask(plan.tables, BlockMetadata(num_rows=None, size_bytes=None, input_files=None, exec_stats=None))]

    # The reader waits most of the time: it takes no processor from those that review.
    read = data.read_datasource(Samples(), override_num_blocks=1, num_cpus=0)
    pool = data.ActorPoolStrategy(size=workers)
    arguments = (plan.folder, config, keys.common(config))
    done = read.map_batches(Reviewer, batch_size=None, batch_format="pyarrow", fn_constructor_args=arguments, compute=pool, num_cpus=1)
    try:
        for table in done.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            for row in table["of"]:
                yield from pickle.loads(row.as_py())
    except RayError as error:
        raise _mendable(error) from error


def _mendable(error: BaseException) -> BaseException:
    """Return the user's error that lies behind one of Ray's, or that itself."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, UserError):
            return behind
        behind = getattr(behind, "cause", None) or behind.__cause__
    return error


@contextmanager
def _connected(address: str, jobs: int) -> Iterator[int]:
    """Connect to a cluster, or start one; give the number of workers.

    Raises:
        UserError: Ray is not installed, or there is no such cluster.
    """
    os.environ |= _QUIET
    try:
        import ray
        from ray.data import DataContext
    except ImportError:
        raise UserError("Ray is not installed", hint="pip install 'reviewgen[ray]'") from None
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    quiet: dict[str, Any] = {"log_to_driver": False, "configure_logging": False, "logging_level": logging.ERROR}
    try:
        if address:
            _reach(address)
            ray.init(address, **quiet)
        else:
            here = jobs or os.cpu_count() or 1
            ray.init("local", num_cpus=here, include_dashboard=False, object_store_memory=_OBJECT_STORE, **quiet)
    except (OSError, ValueError, RuntimeError) as error:
        said = str(error).partition("\n")[0]
        raise UserError(f"no Ray cluster can be used at {address or 'this machine'}: {said}", hint="start one: ray start --head") from None
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.target_max_block_size = 1  # each row goes on its way at once
    context.actor_init_retry_on_errors = False
    try:
        here = max(int(ray.cluster_resources().get("CPU", 1)), 1)
        yield min(jobs or here, here)
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Raise OSError when nobody listens at ``host:port``; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and "/" not in host and port.isdigit():
        socket.create_connection((host, int(port)), _SECONDS_TO_ANSWER).close()
