using Ipdr.Oci.Archives;
using Ipdr.Oci.Conversion.Pumping;
using Microsoft.Win32.SafeHandles;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>The members of a plain tar file, which are read in place. Does not own the handle.</summary>
internal sealed class FileMembers(SafeFileHandle file) : IMemberReader
{
    public ValueTask<Stream> OpenAsync(ArchiveMember member, CancellationToken cancellationToken) => new(new FileSectionStream(file, member.BodyOffset, member.Size));
}
