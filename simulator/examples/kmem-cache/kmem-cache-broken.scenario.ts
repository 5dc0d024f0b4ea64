// Uses kmem-cache-broken.ts as kmem-cache.scenario.ts uses kmem-cache.ts.
import "./kmem-cache.scenario.ts";
