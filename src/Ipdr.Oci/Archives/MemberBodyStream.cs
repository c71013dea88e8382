using Ipdr.Oci.Streams;
using Ipdr.Oci.Tar;

namespace Ipdr.Oci.Archives;

/// <summary>The body of the member that a <see cref="TarReader"/> stands at.</summary>
internal sealed class MemberBodyStream(TarReader reader) : ReadOnlyStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        reader.ReadBodyAsync(buffer, cancellationToken);
}
