// Uses hello-broken.ts as hello.scenario.ts uses hello.ts.
import "./hello.scenario.ts";
