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


def test_what_must_arrive_is_taken_beyond_the_limit() -> None:
    queue: BoundedQueue[int] = BoundedQueue(1)
    assert queue.put(1)
    assert queue.put(2, always=True)
    assert not queue.put(3)
    assert queue.take() == [1, 2]
    assert queue.n_dropped == 1


def test_a_giver_that_may_wait_drops_nothing() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2, waits=True)
    giver = Thread(target=lambda: [queue.put(number) for number in range(20)], daemon=True)
    giver.start()
    taken: list[int] = []
    while len(taken) < 20:
        got = queue.take(5)
        assert 0 < len(got) <= 2
        taken += got
    giver.join(5)
    assert taken == list(range(20))
    assert queue.n_dropped == 0


def test_the_end_frees_a_waiting_giver() -> None:
    queue: BoundedQueue[int] = BoundedQueue(1, waits=True)
    queue.put(1)
    giver = Thread(target=queue.put, args=(2,), daemon=True)
    giver.start()
    queue.close()
    giver.join(5)
    assert not giver.is_alive()
    assert queue.take() == [1]


def test_a_patient_giver_waits_for_room_and_loses_nothing() -> None:
    queue: BoundedQueue[int] = BoundedQueue(2, waits=True)

    def give() -> None:
        for number in range(50):
            queue.put(number)
        queue.close()

    giver = Thread(target=give, daemon=True)
    giver.start()
    taken: list[int] = []
    while not queue.ended:
        items = queue.take(5)
        assert len(items) <= 2
        taken += items
    assert taken == list(range(50))
    assert queue.n_dropped == 0


def test_the_end_lets_a_waiting_giver_go() -> None:
    queue: BoundedQueue[int] = BoundedQueue(1, waits=True)
    queue.put(1)
    answers: BoundedQueue[bool] = BoundedQueue(1)
    giver = Thread(target=lambda: answers.put(queue.put(2)), daemon=True)
    giver.start()
    queue.close()
    assert answers.take(5) == [False]
    assert queue.take() == [1]
