// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.torture.nemesis;

import io.eventfleet.local.api.server.RequestGate;
import io.eventfleet.local.api.status.ApiFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** An API that is healthy until it is told to be sick. Thread-safe. */
public final class SickApi implements RequestGate {
    private static final int LOSE_EVERY = 3;

    private enum State {
        HEALTHY,
        DOWN,
        SLOW,
        THROTTLED,
        LOSING_ANSWERS
    }

    private final AtomicLong requests = new AtomicLong();
    private volatile State state = State.HEALTHY;
    private volatile Duration delay = Duration.ZERO;

    /** Ends every connection without an answer. */
    void goDown() {
        state = State.DOWN;
    }

    /** Takes that long for each request. */
    void slowDown(Duration eachTakes) {
        delay = eachTakes;
        state = State.SLOW;
    }

    /** Answers every other request with 429 and 500 in turn. */
    void throttle() {
        state = State.THROTTLED;
    }

    /** Does what it is asked, and loses every third answer. */
    void loseAnswers() {
        state = State.LOSING_ANSWERS;
    }

    void heal() {
        state = State.HEALTHY;
    }

    @Override
    public Treatment judge(String method, List<String> path) {
        long number = requests.getAndIncrement();
        return switch (state) {
            case HEALTHY -> new Serve(Duration.ZERO);
            case DOWN -> new Drop();
            case SLOW -> new Serve(delay);
            case THROTTLED ->
                switch ((int) (number % 4)) {
                    case 0 -> new Refuse(ApiFailure.tooManyRequests());
                    case 2 -> new Refuse(ApiFailure.internal("etcdserver: leader changed"));
                    default -> new Serve(Duration.ZERO);
                };
            case LOSING_ANSWERS -> number % LOSE_EVERY == 0 ? new LoseAnswer() : new Serve(Duration.ZERO);
        };
    }
}
