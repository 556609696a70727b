import { Component, type ReactNode } from "react";

export interface BoundaryProps {
  readonly children: ReactNode;
  /** What stands in the place of what broke. */
  readonly fallback: (error: unknown, retry: () => void) => ReactNode;
}

interface BoundaryState {
  readonly broken?: { readonly error: unknown } | undefined;
}

/** Keeps what breaks inside it, also a part of the page that cannot be fetched, from taking the window along. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = {};

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { broken: { error } };
  }

  override render(): ReactNode {
    const { broken } = this.state;
    if (broken === undefined) return this.props.children;
    return this.props.fallback(broken.error, () => this.setState({ broken: undefined }));
  }
}
