// Uses proc-seq-broken.ts as proc-seq.scenario.ts uses proc-seq.ts.
import "./proc-seq.scenario.ts";
