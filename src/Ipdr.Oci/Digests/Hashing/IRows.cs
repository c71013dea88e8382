namespace Ipdr.Oci.Digests.Hashing;

/// <summary>Lanes seen as quarters of 16 bytes: what it takes to turn inputs that lie one after another into lanes.</summary>
/// <remarks>Quarter <c>q</c> holds words of the inputs 4q to 4q + 3; nothing crosses from one quarter into another.</remarks>
internal interface IRows<TSelf> : ILanes<TSelf>
    where TSelf : unmanaged, IRows<TSelf>
{
    /// <summary>Fills the quarters with the 16 bytes at <paramref name="source"/> and at each fourth input after it.</summary>
    static abstract TSelf ReadRows(ref readonly byte source, nint stride);

    /// <summary>Writes the quarters to where <see cref="ReadRows"/> would read them.</summary>
    static abstract void WriteRows(TSelf rows, ref byte destination, nint stride);

    /// <summary>In each quarter: a₀ b₀ a₁ b₁.</summary>
    static abstract TSelf ZipLow(TSelf a, TSelf b);

    /// <summary>In each quarter: a₂ b₂ a₃ b₃.</summary>
    static abstract TSelf ZipHigh(TSelf a, TSelf b);

    /// <summary>In each quarter: a₀ a₁ b₀ b₁.</summary>
    static abstract TSelf JoinLow(TSelf a, TSelf b);

    /// <summary>In each quarter: a₂ a₃ b₂ b₃.</summary>
    static abstract TSelf JoinHigh(TSelf a, TSelf b);
}
