// Uses serial4-dma-broken.ts as serial4-dma.scenario.ts uses serial4-dma.ts.
import "./serial4-dma.scenario.ts";
