// Uses serial2-interrupt-broken.ts as serial2-interrupt.scenario.ts uses serial2-interrupt.ts.
import "./serial2-interrupt.scenario.ts";
