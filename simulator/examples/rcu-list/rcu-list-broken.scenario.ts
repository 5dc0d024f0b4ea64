// Uses rcu-list-broken.ts as rcu-list.scenario.ts uses rcu-list.ts.
import "./rcu-list.scenario.ts";
