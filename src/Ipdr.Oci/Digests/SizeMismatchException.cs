using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Digests;

/// <summary>Content ends before the promised size, or goes on after it.</summary>
/// <param name="expected">The promised size in bytes.</param>
/// <param name="actual">The bytes that were found; where the content goes on, one more than promised, since reading stops there.</param>
/// <param name="where">The content's place, as in <see cref="Fault.Where"/>.</param>
public sealed class SizeMismatchException(long expected, long actual, string where) : IpdrException(Describe(expected, actual, where))
{
    /// <summary>The promised size in bytes.</summary>
    public long Expected { get; } = expected;

    /// <summary>The bytes that were found; one more than <see cref="Expected"/> stands for any larger size.</summary>
    public long Actual { get; } = actual;

    /// <summary>The mismatch in words.</summary>
    internal static Fault Describe(long expected, long actual, string where) => new(
        FaultCode.SizeMismatch,
        actual < expected ? "the content ends early" : "the content goes on after its promised end",
        where,
        actual < expected
            ? "Fetch the content again; if it stays like this, the size in its descriptor is wrong."
            : "Do not use this copy; it holds more than its descriptor promises.")
    {
        Expected = $"{expected} bytes",
        Actual = actual < expected ? $"{actual} bytes" : $"at least {actual} bytes",
    };
}
