// How a part of a machine is told of what happens in another one: by a function that it is given for that.

/**
 * Sets a function of a part. A function that is written behind `part.name =` is taken by V8 for a method: it is made
 * among what is old, and whatever it reaches, a whole machine, stays until everything is collected.
 */
export function hook<Part, Name extends keyof Part>(part: Part, name: Name, run: Part[Name]): void {
  part[name] = run;
}
