using System.Collections.Concurrent;
using Ipdr.Oci.Archives;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Layouts;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Verification.Content;
using Ipdr.Oci.Verification.Documents;

namespace Ipdr.Oci.Verification.Files;

/// <summary>What images of a source lead to, under the paths of an OCI layout: a registry or a DAG cannot be listed.</summary>
/// <remarks>
/// Manifests and indexes are asked for when the files are opened, since only the answer tells which of them are there. Blobs are taken to be there, and
/// streamed when they are examined; nothing is kept on the disk.
/// </remarks>
internal sealed class SourceFiles : TargetFiles
{
    // Manifests are some kilobytes; what does not fit is asked for again.
    private const long MaxKeptBytes = 32L << 20;

    private readonly IImageSource _source;
    private readonly ArchiveLimits _limits;
    private readonly Dictionary<string, TargetFile> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Descriptor> _descriptors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<Fault>> _faults = new(StringComparer.Ordinal);
    private readonly HashSet<Digest> _asked = [];
    private long _kept;

    private SourceFiles(IImageSource source, ArchiveLimits limits) => (_source, _limits) = (source, limits);

    public override bool IsFolder => true;

    /// <summary>Asks for all that the images lead to. The source stays with the caller.</summary>
    public static async Task<SourceFiles> OpenAsync(IImageSource source, IEnumerable<SourceImage> images, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        SourceFiles files = new(source, limits);
        Queue<(Descriptor Manifest, int Depth)> left = new(images.Select(image => (image.Descriptor, 0)));
        while (left.TryDequeue(out (Descriptor Manifest, int Depth) next))
        {
            if (next.Depth <= limits.MaxIndexDepth + 1 && files._asked.Count <= limits.MaxManifests && files._asked.Add(next.Manifest.Digest))
                await files.AskAsync(next.Manifest, manifest => left.Enqueue((manifest, next.Depth + 1)), cancellationToken).ConfigureAwait(false);
        }
        files.SetFiles(files._found.Values);
        return files;
    }

    public override TargetFile? Resolve(string path, Finding? missing, Place from, CheckedItem item)
    {
        TargetFile? file = Find(path);
        if (file is null && missing is not null)
            item.Add(missing);
        return file;
    }

    /// <inheritdoc/>
    /// <exception cref="IpdrException">The source does not have it, has something else, or does not answer.</exception>
    public override async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TargetFile file, int maxBytes, CancellationToken cancellationToken)
    {
        if (_faults.TryGetValue(file.Path, out IReadOnlyList<Fault>? faults))
            throw new IpdrException([.. faults]);
        if (file.Size > maxBytes)
            return null;
        if (_documents.TryGetValue(file.Path, out ReadOnlyMemory<byte> known))
            return known;
        Descriptor descriptor = _descriptors[file.Path];
        if (_asked.Contains(descriptor.Digest))
            return await _source.ReadManifestAsync(descriptor, cancellationToken).ConfigureAwait(false);
        Stream content = await OpenAsync(descriptor, cancellationToken).ConfigureAwait(false);
        await using (content.ConfigureAwait(false))
        {
            byte[] bytes = new byte[file.Size];
            int count = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            // What follows the promised end is refused by the stream.
            if (count == bytes.Length)
                await content.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
            return bytes.AsMemory(0, count);
        }
    }

    public override async Task<ContentFacts> ExamineAsync(TargetFile file, ContentDemand demand, ContentExaminer examiner, CancellationToken cancellationToken)
    {
        try
        {
            if (_faults.TryGetValue(file.Path, out IReadOnlyList<Fault>? faults))
                return new ContentFacts { Unreadable = faults[0] };
            Stream content = await OpenAsync(_descriptors[file.Path], cancellationToken).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                return await examiner.ExamineAsync(file.Path, file.Size, content, demand, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e)
        {
            return new ContentFacts { Unreadable = e.Fault with { Where = "" } };
        }
    }

    public override IEnumerable<Finding> Findings() => [];

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // An absent manifest is no file: whether that is a finding is for those who refer to it.
    private async Task AskAsync(Descriptor manifest, Action<Descriptor> ask, CancellationToken cancellationToken)
    {
        string path = OciLayout.PathOf(manifest.Digest);
        try
        {
            ReadOnlyMemory<byte> content = await ReadAsync(manifest, cancellationToken).ConfigureAwait(false);
            Add(path, manifest with { Size = content.Length });
            if ((_kept += content.Length) <= MaxKeptBytes)
                _documents[path] = content;
            Follow(manifest.MediaType, content, ask);
        }
        catch (IpdrException e) when (e.Fault.Code is FaultCode.MissingBlob or FaultCode.NotFound)
        {
            return;
        }
        catch (IpdrException e)
        {
            Add(path, manifest);
            _faults[path] = [.. e.Faults.Select(fault => fault with { Where = "" })];
        }
    }

    // A document may be the right one, and its descriptor wrong about the size: then it is followed, and the size is judged like any other.
    private async Task<ReadOnlyMemory<byte>> ReadAsync(Descriptor manifest, CancellationToken cancellationToken)
    {
        try
        {
            return await _source.ReadManifestAsync(manifest, cancellationToken).ConfigureAwait(false);
        }
        catch (SizeMismatchException e)
        {
            return await _source.ReadManifestAsync(manifest with { Size = e.Actual }, cancellationToken).ConfigureAwait(false);
        }
    }

    // What is wrong with the document is told when it is walked.
    private void Follow(MediaType type, ReadOnlyMemory<byte> content, Action<Descriptor> ask)
    {
        using StrictDocument? document = StrictDocument.Parse(content, "", FaultCode.BadManifest, new CheckedItem(CheckedKind.Blob, ""));
        if (document is null)
            return;
        FoundIndex? index = type.IsIndex ? IndexReader.Read(document, isLayoutIndex: false) : null;
        FoundManifest? manifest = type.IsIndex ? null : ManifestReader.Read(document, type);
        foreach (FoundDescriptor found in (index?.Manifests ?? []).Append(index?.Subject ?? manifest?.Subject).OfType<FoundDescriptor>())
        {
            if (found is { MediaType: { IsManifest: true } or { IsIndex: true }, Digest: { } digest })
                ask(new Descriptor(found.MediaType.Value, digest, found.Size ?? 0));
            else
                AddBlob(found);
        }
        foreach (FoundDescriptor blob in (manifest?.Layers ?? []).Prepend(manifest?.Config).OfType<FoundDescriptor>())
            AddBlob(blob);
    }

    // Layers that live elsewhere, by their URLs, are not asked for here.
    private void AddBlob(FoundDescriptor blob)
    {
        if (blob is not { Digest: { } digest, MediaType: { } type, MayBeAbsent: false } || _found.Count > _limits.MaxMembers)
            return;
        string path = OciLayout.PathOf(digest);
        Add(path, new Descriptor(type, digest, blob.Size ?? 0));
        if (blob.Size is null)
            _faults[path] = [new Fault(FaultCode.Unchecked, "the content was not asked for, since its descriptor does not say its size", "")];
    }

    private void Add(string path, Descriptor descriptor)
    {
        if (_descriptors.TryAdd(path, descriptor))
            _found.Add(path, new TargetFile(path, TargetFileKind.File, descriptor.Size));
    }

    private async ValueTask<Stream> OpenAsync(Descriptor blob, CancellationToken cancellationToken) =>
        new PromisedStream(await _source.OpenUnverifiedAsync(blob, 0, cancellationToken).ConfigureAwait(false), blob.Size);
}
