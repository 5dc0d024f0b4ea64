// Uses input-button-broken.ts as input-button.scenario.ts uses input-button.ts.
import "./input-button.scenario.ts";
