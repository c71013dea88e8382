using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Digests;

/// <summary>Content was read to its end and does not have the digest that names it.</summary>
public sealed class DigestMismatchException : IpdrException
{
    /// <summary>The content has the promised size, or its size is not known.</summary>
    /// <param name="expected">The digest that was promised.</param>
    /// <param name="actual">The digest that the content has.</param>
    /// <param name="where">The content's place, as in <see cref="Fault.Where"/>.</param>
    public DigestMismatchException(Digest expected, Digest actual, string where)
        : this(expected, actual, [Describe(expected, actual, where)])
    {
    }

    /// <summary>The content has another size than promised as well: the digest counts for more and comes first.</summary>
    internal DigestMismatchException(Digest expected, Digest actual, string where, Fault size)
        : this(expected, actual, [Describe(expected, actual, where), size])
    {
    }

    private DigestMismatchException(Digest expected, Digest actual, IReadOnlyList<Fault> faults)
        : base(faults)
    {
        Expected = expected;
        Actual = actual;
    }

    /// <summary>The digest that was promised.</summary>
    public Digest Expected { get; }

    /// <summary>The digest that the content has.</summary>
    public Digest Actual { get; }

    private static Fault Describe(Digest expected, Digest actual, string where) => new(
        FaultCode.DigestMismatch,
        "the content does not have the digest that names it",
        where,
        "Fetch the content again; this copy is damaged or was replaced.")
    {
        Expected = expected.ToString(),
        Actual = actual.ToString(),
    };
}
