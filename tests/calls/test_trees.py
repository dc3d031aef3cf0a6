"""What a call and its answer say is read once by each thread that asks: a tree belongs to its thread."""

from concurrent.futures import ThreadPoolExecutor

from pytest_qimen import xml
from pytest_qimen.calls.call import Call, Heard


def test_each_thread_reads_a_call_and_its_answer_once() -> None:
    body, answer = (
        b"<request><orderCode>E1</orderCode></request>",
        b"<response><flag>success</flag></response>",
    )
    call = Call(Heard("", "POST", "/qimen?method=order.cancel", body=body, status=200, answer=answer))
    ours = call.root, call.answer
    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(lambda: (call.root, call.answer)).result()
        again = pool.submit(lambda: (call.root, call.answer)).result()
    assert all(one is other for one, other in zip(ours, (call.root, call.answer), strict=True))
    assert all(one is other for one, other in zip(theirs, again, strict=True))
    for one, other in zip(ours, theirs, strict=True):
        assert one is not None
        assert other is not None
        assert one is not other
        assert xml.write(one) == xml.write(other)
