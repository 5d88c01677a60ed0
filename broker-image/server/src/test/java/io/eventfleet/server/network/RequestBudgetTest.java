// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.server.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestBudgetTest {
    private final List<String> granted = new ArrayList<>();
    private final RequestBudget budget = new RequestBudget(100);

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
        assertThat(budget.isGranted(claim("next", 1))).isFalse();
    }

    @Test
    void grantsInTheOrderOfAskingSoThatLargeFramesAreNotStarved() {
        var first = claim("first", 90);
        var large = claim("large", 80);
        var small = claim("small", 5);
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
