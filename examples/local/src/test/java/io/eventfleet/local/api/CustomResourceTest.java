// SPDX-License-Identifier: Apache-2.0
package io.eventfleet.local.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eventfleet.local.api.json.Metadata;
import io.eventfleet.local.api.operation.DeleteOptions.Propagation;
import io.eventfleet.local.api.status.ApiFailure;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CustomResourceTest {
    private static final String DEFINITION = Definitions.ship();
    private static final String SHIP = """
            apiVersion: example.org/v1
            kind: Ship
            metadata: {name: kiel, namespace: default}
            spec: {%s}
            """;

    private final Api api = new Api();

    @BeforeEach
    void define() {
        api.create(DEFINITION);
    }

    @Test
    void fillsDefaultsAndCountsGenerationsOfTheSpecificationAlone() {
        ObjectNode ship = api.create(SHIP.formatted("masts: 2"));
        assertThat(ship.at("/spec/home").asText()).isEqualTo("Bremen");
        assertThat(ship.at("/metadata/generation").asInt()).isEqualTo(1);

        ObjectNode changed = api.patch(ship, "application/merge-patch+json", "{'spec':{'masts':3}}");
        assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
        ObjectNode reported = changed.deepCopy();
        reported.putObject("status").put("masts", 3);
        ((ObjectNode) reported.get("spec")).put("masts", 9);
        ObjectNode after = api.replaceStatus(reported);
        assertThat(after.at("/status/masts").asInt()).isEqualTo(3);
        assertThat(after.at("/spec/masts").asInt()).isEqualTo(3);
        assertThat(after.at("/metadata/generation").asInt()).isEqualTo(2);
    }

    @Test
    void refusesValuesOutOfBoundsWithTheFieldAndTheReason() {
        refuses("masts: 0", "spec.masts: Invalid value: 0: spec.masts in body should be greater than or equal to 1");
        refuses("masts: x", "spec.masts in body must be of type integer");
        refuses("home: A", "spec.masts: Required value");
        refuses("masts: 1, home: kiel", "should match '^[A-Z]'");
        refuses("masts: 1, rig: Junk", "Unsupported value: \"Junk\": supported values: \"Square\", \"Gaff\"");
        refuses("masts: 1, crew: [{name: a}, {name: a}]", "Duplicate value");
        refuses("masts: 1, cargo: 2Gi", "spec: Invalid value: \"object\": too heavy");
        refuses("masts: 1, sails: 3", "strict decoding error: unknown field \"spec.sails\"");
        assertThatCode(() -> api.create(SHIP.formatted("masts: 1, cargo: 2Mi"))).doesNotThrowAnyException();
    }

    @Test
    void checksTransitionsOnUpdatesOnly() {
        ObjectNode ship = api.create(SHIP.formatted("masts: 3, flag: DE, crew: [{name: a, rank: 1}]"));

        assertThatThrownBy(() -> api.patch(ship, "application/merge-patch+json", "{'spec':{'masts':2}}"))
                .isInstanceOf(ApiFailure.class)
                .hasMessage("Ship.example.org \"kiel\" is invalid: spec.masts: Forbidden: masts only grow, from 3");
        assertThatThrownBy(() -> api.patch(ship, "application/merge-patch+json", "{'spec':{'flag':'SE'}}"))
                .hasMessageContaining("spec.flag: Invalid value: \"SE\": flag is immutable");
        assertThatThrownBy(() -> api.patch(
                        ship, "application/merge-patch+json", "{'spec':{'crew':[{'name':'b'},{'name':'a','rank':2}]}}"))
                .hasMessageContaining("spec.crew[1]: Invalid value: \"object\": no promotions");
        assertThatCode(() -> api.patch(ship, "application/merge-patch+json", "{'spec':{'masts':4}}"))
                .doesNotThrowAnyException();
    }

    @Test
    void requiresAVersionForAnUpdate() {
        ObjectNode ship = api.create(SHIP.formatted("masts: 3")).deepCopy();
        Metadata.of(ship).remove("resourceVersion");

        assertThatThrownBy(() -> api.replace(ship))
                .hasMessageContaining("metadata.resourceVersion: Invalid value: 0x0");
    }

    @Test
    void scalesByTheDeclaredPath() {
        ObjectNode ship = api.create(SHIP.formatted("masts: 3"));
        var target = api.target(ship, "scale");

        ObjectNode scale = api.verbs()
                .rescale(
                        target,
                        wanted -> {
                            ((ObjectNode) wanted.get("spec")).put("replicas", 5);
                            return wanted;
                        },
                        Api.options("scaler"));

        assertThat(scale.at("/spec/replicas").asInt()).isEqualTo(5);
        assertThat(api.find(ship).orElseThrow().at("/spec/masts").asInt()).isEqualTo(5);
    }

    @Test
    void refusesADefinitionWhoseRuleDoesNotCompile() {
        String broken = DEFINITION.replace("ships", "boats").replace("self.masts >= oldSelf.masts", "self.masts >>");

        assertThatThrownBy(() -> api.create(broken))
                .hasMessageContaining("spec.versions: Invalid value: rule self.masts >>");
    }

    @Test
    void takesItsObjectsAlongWhenADefinitionIsDeleted() {
        ObjectNode ship = api.create(SHIP.formatted("masts: 3"));
        ObjectNode definition = api.create(DEFINITION.replace("ships", "boats").replace("kind: Ship,", "kind: Boat,"));
        assertThat(api.names("example.org", "v1", "boats")).isEmpty();
        api.delete(definition, Propagation.BACKGROUND);
        assertThat(api.verbs().registry().find("example.org", "v1", "boats")).isEmpty();

        ObjectNode ships = api.verbs()
                .store()
                .find("apiextensions.k8s.io/customresourcedefinitions", "", "ships.example.org")
                .orElseThrow()
                .json();
        api.delete(ships, Propagation.BACKGROUND);
        assertThat(api.verbs().registry().find("example.org", "v1", "ships")).isEmpty();
        assertThat(api.store().list("example.org/ships", "").objects()).isEmpty();
        assertThat(ship.path("kind").asText()).isEqualTo("Ship");
    }

    private void refuses(String spec, String why) {
        assertThatThrownBy(() -> api.create(SHIP.formatted(spec)))
                .isInstanceOf(ApiFailure.class)
                .hasMessageContaining(why);
    }
}
