/**
 * Workers' extension of SubtleCrypto. Needed because the DOM types, which the pages use, declare SubtleCrypto without
 * it.
 */
interface SubtleCrypto {
  /** Compares in constant time; throws a TypeError if the lengths differ. */
  timingSafeEqual(left: ArrayBuffer | ArrayBufferView, right: ArrayBuffer | ArrayBufferView): boolean
}
