using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Conversion;

/// <summary>Opens places for content to go to.</summary>
/// <param name="newFile">Makes files to write to; null in a dry run, which computes everything and writes nothing.</param>
/// <param name="profile">The rules by which content gets its CID; null when no CID is wanted.</param>
internal sealed class ContentOutputs(Func<StagedFile>? newFile, UnixFsProfile? profile)
{
    private readonly FileForm? _form = profile is null ? null : new FileForm(profile);

    public bool IsDryRun => newFile is null;

    public ContentOutput Open() => new(newFile?.Invoke(), _form is null ? null : new FileSink(_form, keep: !IsDryRun));
}
