using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.UnixFs.Reading;

/// <summary>Several places as one: the first that has a block gives it.</summary>
/// <param name="sources">The places, the nearest first. They stay the caller's.</param>
public sealed class JoinedBlocks(IReadOnlyList<IBlockSource> sources) : IBlockSource
{
    /// <inheritdoc/>
    public async ValueTask<IMemoryOwner<byte>?> TryReadAsync(Cid cid, CancellationToken cancellationToken = default)
    {
        foreach (IBlockSource source in sources)
        {
            if (await source.TryReadAsync(cid, cancellationToken).ConfigureAwait(false) is { } block)
                return block;
        }
        return null;
    }
}
