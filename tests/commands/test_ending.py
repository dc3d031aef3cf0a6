"""The end of what a command waits for: told by a signal, at whatever moment it comes."""

import signal
import threading

import pytest

from pytest_qimen.commands.ending import Ending, ending


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_wait(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with ending() as end:
        assert not end.wait(0)
        signal.raise_signal(number)
        signal.raise_signal(number)
        assert end.told
        assert end.wait()
        assert end.wait(60)
    assert signal.getsignal(number) is before


def test_it_comes_while_the_command_waits() -> None:
    end = Ending()
    teller = threading.Thread(target=end.tell)
    teller.start()
    assert end.wait()
    teller.join()
