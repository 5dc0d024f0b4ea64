// Where the images of a run stop: at the breakpoints that people set, and where a movement wants a look.
import type { Image, Site } from "../engine/interfaces.ts";

const NOWHERE = (image: Image): void => void image.breakpoints.fill(0);

export class Planting {
  private images: readonly Image[] = [];
  private sites: readonly Site[] = [];
  private plant: (image: Image) => void = () => {};
  private isClose = false;
  private isLooking = false;
  private isWanted: ((site: Site) => boolean) | undefined;

  /** Of another machine; nothing is planted in those of the one before. */
  use(images: readonly Image[]): void {
    for (const image of this.images) NOWHERE(image);
    this.images = images;
    this.apply(this.plant);
  }

  /** A module was loaded: its statements are planted like those of the others. */
  add(image: Image): void {
    this.plantIn(image);
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

  /** The same, for who wants a look at the next statement. */
  set looking(isLooking: boolean) {
    if (this.isLooking === isLooking) return;
    this.isLooking = isLooking;
    this.apply(this.plant);
  }

  nowhere(): void {
    this.apply(NOWHERE);
  }

  /** Nothing is planted until what this gives is called. */
  interrupt(): () => void {
    const { plant, isLooking, isWanted } = this;
    this.isLooking = false;
    this.isWanted = undefined;
    this.nowhere();
    return () => {
      this.isLooking = isLooking;
      this.isWanted = isWanted;
      this.apply(plant);
    };
  }

  onlyBreakpoints(): void {
    this.apply((image) => this.plantBreakpoints(image));
  }

  /** At every statement that is wanted, besides what else is planted. */
  set wanted(isWanted: ((site: Site) => boolean) | undefined) {
    if (this.isWanted === undefined && isWanted === undefined) return;
    this.isWanted = isWanted;
    this.apply(this.plant);
  }

  /** At one statement, and not at the breakpoints. */
  only(site: Site): void {
    this.apply((image) => {
      image.breakpoints.fill(0);
      if (image.program.sites[site.id] === site) image.breakpoints[site.id] = 1;
    });
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
    for (const image of this.images) this.plantIn(image);
  }

  private plantIn(image: Image): void {
    if (this.isLooking || (this.isClose && this.plant !== NOWHERE)) image.breakpoints.fill(1);
    else {
      this.plant(image);
      if (this.isWanted === undefined) return;
      for (const site of image.program.sites) if (this.isWanted(site)) image.breakpoints[site.id] = 1;
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
