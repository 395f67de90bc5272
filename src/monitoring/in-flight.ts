/** Counts requests that came and are not answered whole. */
export class InFlight {
  #now = 0;
  #most = 0;

  /** How many there are now. */
  get now(): number {
    return this.#now;
  }

  /** A request has come. */
  begin(): void {
    this.#now += 1;
    if (this.#now > this.#most) this.#most = this.#now;
  }

  /** One has been answered, or its client has gone. */
  end(): void {
    this.#now -= 1;
  }

  /** The most that there were at once since this was last asked. */
  takeMost(): number {
    const most = this.#most;
    this.#most = this.#now;
    return most;
  }
}
