using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries.Files;

/// <summary>Reads the documents of a layout, whatever its files are called.</summary>
/// <param name="find">Where the content of a digest stands; null if it is not there.</param>
internal sealed class LayoutFiles(Func<Digest, FilePart?> find)
{
    // An index of more manifests than this is no image.
    private const int MaxManifests = 10_000;

    /// <summary>Brings a manifest and all that is reached from it into a repository; what is absent is left out, as a sparse index has it.</summary>
    /// <exception cref="IpdrException">A document is damaged, or there are too many.</exception>
    public void Add(ServedRepository repository, Digest root, MediaType? type)
    {
        Stack<(Digest Digest, MediaType? Type)> left = new([(root, type)]);
        while (left.TryPop(out var next))
        {
            if (repository.Manifests.ContainsKey(next.Digest.ToString()) || ReadManifest(next.Digest, next.Type) is not { } manifest)
                continue;
            foreach (Descriptor child in Enter(repository, manifest))
                left.Push((child.Digest, child.MediaType));
        }
    }

    /// <summary>Brings a manifest that is at hand into a repository, and all that is reached from it.</summary>
    /// <exception cref="IpdrException">A document is damaged, or there are too many.</exception>
    public void AddDocument(ServedRepository repository, Digest digest, ReadOnlyMemory<byte> content, string where)
    {
        ManifestSummary summary = ManifestSummary.Read(content, null, where);
        foreach (Descriptor child in Enter(repository, new ServedManifest(new RegistryManifest(digest, summary.MediaType, content), summary)))
            Add(repository, child.Digest, child.MediaType);
    }

    /// <summary>The manifest of which another one speaks; null if it speaks of none, or is not there.</summary>
    /// <exception cref="IpdrException">The document is damaged.</exception>
    public Digest? FindSubject(Descriptor manifest) => ReadManifest(manifest.Digest, manifest.MediaType)?.Summary.Subject?.Digest;

    /// <summary>Reads a bounded document of a layout; null when it is not there.</summary>
    /// <exception cref="IpdrException">It is too large, or cannot be read.</exception>
    public static ReadOnlyMemory<byte>? ReadDocument(string path) => FilePart.OfFile(path) is { } file ? ReadDocument(file) : null;

    private static ReadOnlyMemory<byte>? ReadDocument(FilePart file)
    {
        if (file.Length > Document.MaxBytes)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the document is larger than {Document.MaxBytes} bytes", file.Path, "Is this a manifest?"));
        try
        {
            using FilePartStream stream = new(file.Path, file.Offset, file.Length);
            byte[] content = new byte[file.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), file.Path, "Check the rights on the layout."), e);
        }
    }

    // Gives back the manifests that this one lists.
    private IReadOnlyList<Descriptor> Enter(ServedRepository repository, ServedManifest manifest)
    {
        Digest digest = manifest.Manifest.Digest;
        if (repository.Manifests.Count >= MaxManifests)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the layout has more than {MaxManifests} manifests", digest.ToString(), "Serve it from the store."));
        repository.Manifests.Add(digest.ToString(), manifest);
        foreach (Descriptor blob in manifest.Summary.NeededBlobs)
            AddBlob(repository, blob);
        return manifest.Summary.Manifests;
    }

    private ServedManifest? ReadManifest(Digest digest, MediaType? type)
    {
        if (type is { IsIndex: false, IsManifest: false } || find(digest) is not { } file || ReadDocument(file) is not { } content)
            return null;
        if (Digest.OfContent(digest.Algorithm, content.Span) is var actual && actual != digest)
            throw new DigestMismatchException(digest, actual, file.Path);
        ManifestSummary summary = ManifestSummary.Read(content, type, file.Path);
        return new ServedManifest(new RegistryManifest(digest, summary.MediaType, content), summary);
    }

    private void AddBlob(ServedRepository repository, Descriptor descriptor)
    {
        if (find(descriptor.Digest) is { } file && file.Length == descriptor.Size)
            repository.Blobs.TryAdd(descriptor.Digest, new FileBlob(descriptor.Digest, file.Length, file.Path, file.Offset));
    }
}
