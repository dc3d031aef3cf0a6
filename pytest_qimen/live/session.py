"""The live page of `qimen listen`: each judged call becomes a row, the methods a matrix."""

from collections.abc import Callable, Mapping

from pytest_qimen import spec
from pytest_qimen.calls.call import Caller
from pytest_qimen.client.clock import stamp
from pytest_qimen.listening.model import Judged
from pytest_qimen.live.coverage import Coverage
from pytest_qimen.live.feed import Feed
from pytest_qimen.live.rows import call_detail, call_row, call_size, light
from pytest_qimen.live.server import Handler, LivePage
from pytest_qimen.target.caller import CallerProfile


class LiveSession:
    """A page about what a caller sends; `lag` says how many calls are still to be judged."""

    def __init__(
        self,
        caller: Caller,
        profile: CallerProfile | None,
        *,
        target: str,
        url: str,
        lag: Callable[[], int],
        port: int = 0,
        mask_personal: bool = False,
        presses: Mapping[str, Handler] | None = None,
    ) -> None:
        """`profile` says what should come, None nothing; `url` is where it listens. UsageError: no port."""
        self._caller = caller
        self._origin, self._mask_personal = url.rpartition("/")[0], mask_personal
        self._coverage = Coverage([one for one in spec.load_all() if profile.claims(one)] if profile else ())
        head = {"side": "caller", "target": target, "url": url, "started": stamp()}
        self.feed = Feed({"head": head, "methods": self._coverage.rows, "lag": lag, "total": 0})
        self._total = 0
        self._page = LivePage(self.feed, port, {"method": self._coverage.missing}, presses)
        self.url = self._page.url

    def hear(self, judged: Judged) -> None:
        """Show a judged call."""
        self._total += 1
        api = judged.api
        role, method = (api.role, api.method) if api else ("", judged.method)
        self._coverage.add(role, method, judged.status.value, judged.sent)
        kept, size = light(judged), call_size(judged)
        self.feed.add(call_row(judged), size, lambda: self._detail(kept))
        self.feed.tell(total=self._total)

    def _detail(self, judged: Judged) -> dict[str, object]:
        return call_detail(judged, self._caller, self._origin, mask_personal=self._mask_personal)

    def end(self, verdict: str) -> None:
        """Show how the session ended."""
        self.feed.tell(ended=verdict, lag=0)

    def close(self) -> None:
        """Close the page; a browser keeps showing what came."""
        self._page.close()
