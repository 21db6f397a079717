"""The queue between threads: order, limit, end."""

from threading import Thread

from firingorder_session.bounded import BoundedQueue


def test_items_come_out_in_order_all_at_once() -> None:
    queue: BoundedQueue[int] = BoundedQueue(10)
    for number in range(5):
        assert queue.put(number)
    assert queue.take() == [0, 1, 2, 3, 4]
    assert queue.take(0) == []


def test_what_does_not_fit_is_counted() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2)
    assert [queue.put(number) for number in range(5)] == [True, True, False, False, False]
    assert queue.n_dropped == 3
    assert queue.take() == [0, 1]
    assert queue.put(9)


def test_after_the_end_what_waits_is_still_there() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2)
    queue.put(1)
    queue.close()
    assert not queue.put(2)
    assert not queue.ended
    assert queue.take() == [1]
    assert queue.ended
    assert queue.n_dropped == 0


def test_a_waiting_taker_wakes_up_for_an_item_and_for_the_end() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2)
    taken: BoundedQueue[list[int]] = BoundedQueue(9)

    def take_twice() -> None:
        taken.put(queue.take())
        taken.put(queue.take())

    taker = Thread(target=take_twice)
    taker.start()
    queue.put(7)
    assert taken.take(5) == [[7]]
    queue.close()
    assert taken.take(5) == [[]]
    taker.join(5)
    assert not taker.is_alive()
