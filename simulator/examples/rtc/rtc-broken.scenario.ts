// Uses rtc-broken.ts as rtc.scenario.ts uses rtc.ts.
import "./rtc.scenario.ts";
