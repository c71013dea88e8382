using Ipdr.Oci.Archives;
using Ipdr.Oci.Compression;

namespace Ipdr.Oci.Conversion.Ingestion;

/// <summary>Content on its way in.</summary>
/// <param name="Member">The member whose content it is.</param>
/// <param name="Stored">How it is compressed, by its first bytes.</param>
/// <param name="Body">Its bytes, as they are stored.</param>
/// <param name="Progress">Is told how far it has been read.</param>
internal sealed record PassingContent(ArchiveMember Member, CompressionFormat Stored, Stream Body, ContentProgress Progress);
