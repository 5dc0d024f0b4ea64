// Where the images of a run stop: at the breakpoints that people set, and where a movement wants a look.
import type { Image, Site } from "../engine/interfaces.ts";

const NOWHERE = (image: Image): void => void image.breakpoints.fill(0);

export class Planting {
  private readonly images: Image[] = [];
  private sites: readonly Site[] = [];
  private plant: (image: Image) => void = () => {};
  private isClose = false;

  /** A module was loaded: its statements are planted like those of the others. */
  add(image: Image): void {
    this.images.push(image);
    this.apply(this.plant);
  }

  /** A new run begins. */
  clear(): void {
    this.images.length = 0;
  }

  set breakpoints(sites: readonly Site[]) {
    this.sites = sites;
    // A journey may be under way.
    this.apply(this.plant);
  }

  /** Every statement is looked at for a while, besides what is planted; not where nothing is. */
  set closely(isClose: boolean) {
    this.isClose = isClose;
    if (this.plant === NOWHERE) return;
    this.apply(this.plant);
  }

  nowhere(): void {
    this.apply(NOWHERE);
  }

  onlyBreakpoints(): void {
    this.apply((image) => this.plantBreakpoints(image));
  }

  everywhere(): void {
    this.apply((image) => void image.breakpoints.fill(1));
  }

  /** At the breakpoints and at every statement of the functions in which these stand. */
  functionsOf(within: readonly Site[]): void {
    const functions = new Set(within.map(keyOf));
    this.apply((image) => {
      this.plantBreakpoints(image);
      for (const site of image.program.sites) if (functions.has(keyOf(site))) image.breakpoints[site.id] = 1;
    });
  }

  private apply(plant: (image: Image) => void): void {
    this.plant = plant;
    for (const image of this.images) {
      if (this.isClose && plant !== NOWHERE) image.breakpoints.fill(1);
      else plant(image);
    }
  }

  private plantBreakpoints(image: Image): void {
    image.breakpoints.fill(0);
    for (const site of this.sites) if (image.program.sites[site.id] === site) image.breakpoints[site.id] = 1;
  }
}

function keyOf({ file, fn }: Site): string {
  return `${file}\n${fn}`;
}
