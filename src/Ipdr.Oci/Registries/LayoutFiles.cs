using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;

namespace Ipdr.Oci.Registries;

/// <summary>Reads the documents of a layout, whatever its files are called.</summary>
/// <param name="pathOf">Where the content of a digest would stand.</param>
internal sealed class LayoutFiles(Func<Digest, string> pathOf)
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

    /// <summary>Reads a bounded document of a layout; null when it is not there.</summary>
    /// <exception cref="IpdrException">It is too large, or cannot be read.</exception>
    public static ReadOnlyMemory<byte>? ReadDocument(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (file.Length > Document.MaxBytes)
                throw new IpdrException(new Fault(FaultCode.Limit, $"the document is larger than {Document.MaxBytes} bytes", path, "Is this a manifest?"));
            byte[] content = new byte[file.Length];
            file.ReadExactly(content);
            return content;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IpdrException(new Fault(FaultCode.Io, e.Message.TrimEnd('.'), path, "Check the rights on the layout."), e);
        }
    }

    // Gives back the manifests that this one lists.
    private IReadOnlyList<Descriptor> Enter(ServedRepository repository, ServedManifest manifest)
    {
        Digest digest = manifest.Manifest.Digest;
        if (repository.Manifests.Count >= MaxManifests)
            throw new IpdrException(new Fault(FaultCode.Limit, $"the layout has more than {MaxManifests} manifests", pathOf(digest), "Serve it from the store."));
        repository.Manifests.Add(digest.ToString(), manifest);
        foreach (Descriptor blob in manifest.Summary.NeededBlobs)
            AddBlob(repository, blob);
        return manifest.Summary.Manifests;
    }

    private ServedManifest? ReadManifest(Digest digest, MediaType? type)
    {
        string path = pathOf(digest);
        if (type is { IsIndex: false, IsManifest: false } || ReadDocument(path) is not { } content)
            return null;
        if (Digest.OfContent(digest.Algorithm, content.Span) is var actual && actual != digest)
            throw new DigestMismatchException(digest, actual, path);
        ManifestSummary summary = ManifestSummary.Read(content, type, path);
        return new ServedManifest(new RegistryManifest(digest, summary.MediaType, content), summary);
    }

    private void AddBlob(ServedRepository repository, Descriptor descriptor)
    {
        string path = pathOf(descriptor.Digest);
        if (new FileInfo(path) is { Exists: true, Length: var length } && length == descriptor.Size)
            repository.Blobs.TryAdd(descriptor.Digest, new FileBlob(descriptor.Digest, length, path));
    }
}
