using Ipdr.Oci.Digests;
using Ipdr.Oci.Staging;
using Ipdr.Oci.UnixFs;
using Ipdr.Oci.UnixFs.Files;

namespace Ipdr.Oci.Conversion.Targets;

/// <summary>Opens places for content to go to.</summary>
/// <param name="target">Makes files to write to; null in a dry run, which computes everything and writes nothing.</param>
/// <param name="profile">The rules by which content gets its CID; null when no CID is wanted.</param>
/// <param name="keepsNames">Are the names of all blocks wanted though nothing is written?</param>
internal sealed class ContentOutputs(IConversionTarget? target, UnixFsProfile? profile, bool keepsNames = false)
{
    private readonly FileForm? _form = profile is null ? null : new FileForm(profile);

    public bool IsDryRun => target is null;

    /// <summary>Whether layers that are remembered need not be brought to where the output goes.</summary>
    public bool HoldsKnownLayers => target?.HoldsKnownLayers == true;

    public ContentOutput Open() => new(target?.NewFile(), _form is null ? null : new FileSink(_form, keep: keepsNames || !IsDryRun), keepsNames);

    /// <summary>A file for content that only waits until it is known what it is.</summary>
    /// <exception cref="InvalidOperationException">It is a dry run.</exception>
    public StagedFile NewPassingFile()
    {
        StagedFile file = target?.NewFile() ?? throw new InvalidOperationException("a dry run keeps no content");
        file.IsPassing = true;
        return file;
    }

    /// <summary>Tells of a layer that was compressed.</summary>
    /// <returns>The layer where it is then.</returns>
    public ValueTask<ContentForm> TakeLayerAsync(Digest diffId, ContentForm layer, CancellationToken cancellationToken) =>
        target?.TakeLayerAsync(diffId, layer, cancellationToken) ?? ValueTask.FromResult(layer);
}
