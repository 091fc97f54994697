/** Every listener, timer and observer belongs to a scope, so that closing the scope ends them all. */
export class Scope {
  readonly #closer = new AbortController();
  readonly #endings = new Set<() => void>();

  /** Aborted when the scope closes: pass it to requests. */
  get signal(): AbortSignal {
    return this.#closer.signal;
  }

  get closed(): boolean {
    return this.#closer.signal.aborted;
  }

  /** A scope that closes with this one, or earlier by itself. */
  child(): Scope {
    const child = new Scope();
    const forget = this.onClose(() => {
      child.close();
    });
    child.onClose(forget);
    return child;
  }

  /** Calls `ending` once when the scope closes (at once if it has). Returns a function that forgets it. */
  onClose(ending: () => void): () => void {
    if (this.closed) {
      ending();
      return () => undefined;
    }
    this.#endings.add(ending);
    return () => this.#endings.delete(ending);
  }

  /** Listens to an event of `target` for as long as the scope is open. */
  listen<K extends keyof WindowEventMap>(
    target: Window,
    type: K,
    listener: (event: WindowEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void;
  listen<K extends keyof DocumentEventMap>(
    target: Document,
    type: K,
    listener: (event: DocumentEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void;
  listen<K extends keyof HTMLElementEventMap>(
    target: HTMLElement,
    type: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    options?: AddEventListenerOptions,
  ): void;
  listen(target: EventTarget, type: string, listener: (event: Event) => void, options?: AddEventListenerOptions): void;
  listen(target: EventTarget, type: string, listener: EventListener, options: AddEventListenerOptions = {}): void {
    target.addEventListener(type, listener, { ...options, signal: this.signal });
  }

  /** Calls `action` after `milliseconds`. Returns a function that cancels it. */
  timeout(milliseconds: number, action: () => void): () => void {
    if (this.closed) return () => undefined;
    const timer = setTimeout(() => {
      forget();
      action();
    }, milliseconds);
    const forget = this.onClose(() => {
      clearTimeout(timer);
    });
    return () => {
      clearTimeout(timer);
      forget();
    };
  }

  /** Calls `action` with the element's content box in CSS pixels, first when observation starts, then on every change. */
  onResize(element: Element, action: (width: number, height: number) => void): void {
    if (this.closed) return;
    const observer = new ResizeObserver((entries) => {
      const box = entries.at(-1)?.contentRect;
      if (box !== undefined) action(box.width, box.height);
    });
    observer.observe(element);
    this.onClose(() => {
      observer.disconnect();
    });
  }

  /** Calls `action` whenever the node changes in the way that `options` name. */
  onMutation(node: Node, options: MutationObserverInit, action: () => void): void {
    if (this.closed) return;
    const observer = new MutationObserver(action);
    observer.observe(node, options);
    this.onClose(() => {
      observer.disconnect();
    });
  }

  /** Calls `action` with what is known of each request of the page that ends from now on. */
  onResource(action: (entry: PerformanceResourceTiming) => void): void {
    if (this.closed) return;
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry instanceof PerformanceResourceTiming) action(entry);
    });
    observer.observe({ type: "resource" });
    this.onClose(() => {
      observer.disconnect();
    });
  }

  close(): void {
    if (this.closed) return;
    this.#closer.abort();
    const endings = [...this.#endings];
    this.#endings.clear();
    for (const ending of endings) ending();
  }
}
