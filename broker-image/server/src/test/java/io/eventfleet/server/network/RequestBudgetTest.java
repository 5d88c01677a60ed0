// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBudgetTest {
    private final List<String> granted = new ArrayList<>();
    private final RequestBudget budget = new RequestBudget(100, 20);

    @Test
    void grantsWhatFits() {
        assertThat(budget.isGranted(claim("a", 60))).isTrue();
        assertThat(budget.isGranted(claim("b", 40))).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(100);
    }

    @Test
    void letsOneFrameAboveTheBoundInWhenNothingElseIsInWork() {
        var large = claim("large", 500);
        assertThat(budget.isGranted(large)).isTrue();
        assertThat(budget.isGranted(claim("next", 50))).isFalse();
    }

    @Test
    void grantsInTheOrderOfAskingSoThatLargeFramesAreNotStarved() {
        var first = claim("first", 90);
        var large = claim("large", 75);
        var small = claim("small", 25);
        assertThat(budget.isGranted(small)).isFalse();

        budget.release(first);

        assertThat(granted).containsExactly("large", "small");
        assertThat(budget.isGranted(large)).isTrue();
    }

    @Test
    void forgetsAClaimThatIsGivenBackBeforeItIsGranted() {
        var first = claim("first", 90);
        var gone = claim("gone", 80);
        var next = claim("next", 50);
        budget.release(gone);
        budget.release(first);

        assertThat(granted).containsExactly("next");
        assertThat(budget.isGranted(next)).isTrue();
        assertThat(budget.usedBytes()).isEqualTo(50);
    }

    @Test
    void letsSmallFramesPassTheQueueFromTheirReserve() {
        var first = claim("first", 90);
        claim("large", 80);

        var small = claim("small", 15);
        assertThat(budget.isGranted(small)).isTrue();
        assertThat(budget.isGranted(claim("tooMany", 10))).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(105);

        budget.release(small);
        assertThat(budget.isGranted(claim("again", 20))).isTrue();
        budget.release(first);
        assertThat(granted).containsExactly("large", "tooMany");
    }

    @Test
    void keepsNoReserveForLargeFrames() {
        var roomy = RequestBudget.within(64 << 20);
        roomy.claim(60 << 20, () -> {});

        assertThat(roomy.isGranted(roomy.claim(RequestBudget.SMALL_FRAME_BYTES + 1, () -> {})))
                .isFalse();
        assertThat(roomy.isGranted(roomy.claim(RequestBudget.SMALL_FRAME_BYTES, () -> {})))
                .isTrue();
    }

    @Test
    void letsNoFrameTakeMoreThanHalf() {
        assertThat(budget.maxFrameBytes()).isEqualTo(50);
        assertThat(RequestBudget.within(64 << 20).maxFrameBytes()).isEqualTo(30 << 20);
    }

    @Test
    void takesEveryClaimBackOnce() {
        var claim = claim("a", 60);
        budget.release(claim);
        budget.release(claim);

        assertThat(budget.usedBytes()).isZero();
        assertThat(budget.waitingClaims()).isZero();
    }

    private RequestBudget.Claim claim(String name, int bytes) {
        return budget.claim(bytes, () -> granted.add(name));
    }
}
