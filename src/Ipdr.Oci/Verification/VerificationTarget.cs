using Ipdr.Oci.Registries;
using Ipdr.Oci.Sources;
using Ipdr.Oci.Store;

namespace Ipdr.Oci.Verification;

/// <summary>Something to verify.</summary>
public sealed class VerificationTarget
{
    private VerificationTarget(string name, TargetForm form) => (Name, Form) = (name, form);

    /// <summary>What reports call it: its path, or the name that was given.</summary>
    public string Name { get; }

    /// <summary>What it is said to be.</summary>
    public TargetForm Form { get; }

    internal Stream? Stream { get; private init; }

    internal Func<CancellationToken, Task<Stream>>? OpenStream { get; private init; }

    internal Func<CancellationToken, Task<IImageSource>>? OpenSource { get; private init; }

    internal ContentStore? Store { get; private init; }

    internal RepositoryReference? Image { get; private init; }

    // Opens the same place as a source, where it is none: that can tell what refers to an image.
    internal Func<CancellationToken, Task<IImageSource>>? OpenSigned { get; private init; }

    /// <summary>A folder or a file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="form">What it is said to be; it is a finding when it is something else.</param>
    public static VerificationTarget OfPath(string path, TargetForm form = TargetForm.Any)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new VerificationTarget(path, form);
    }

    /// <summary>An archive that is read once, to its end. The stream stays open.</summary>
    /// <param name="stream">The bytes of the archive.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="form">What it is said to be.</param>
    public static VerificationTarget OfStream(Stream stream, string name, TargetForm form = TargetForm.Any)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new VerificationTarget(name, form) { Stream = stream };
    }

    /// <summary>An archive that somebody sends, read once, to its end; who does not send it, or breaks off, is a finding.</summary>
    /// <param name="open">Opens the bytes of the archive; the stream is disposed of.</param>
    /// <param name="name">What reports call it.</param>
    /// <param name="form">What it is said to be.</param>
    public static VerificationTarget OfExport(Func<CancellationToken, Task<Stream>> open, string name, TargetForm form = TargetForm.Any)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new VerificationTarget(name, form) { OpenStream = open };
    }

    /// <summary>Images of a place that is asked for them, such as a registry. Its blobs are streamed, and nothing is kept of them.</summary>
    /// <param name="open">Opens the place, which is disposed of; that it cannot be opened is a finding.</param>
    /// <param name="name">What reports call it.</param>
    public static VerificationTarget OfSource(Func<CancellationToken, Task<IImageSource>> open, string name)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new VerificationTarget(name, TargetForm.Source) { OpenSource = open };
    }

    /// <summary>The embedded store: every image of it, every blob, and what its catalogue claims of them. Others may use it meanwhile.</summary>
    /// <param name="store">The store, which stays open.</param>
    /// <param name="image">The one image that is meant; null for everything.</param>
    public static VerificationTarget OfStore(ContentStore store, RepositoryReference? image = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        string name = image is null ? "store" : $"store:{image}";
        return new VerificationTarget(name, TargetForm.Store) { Store = store, Image = image, OpenSigned = _ => Task.FromResult<IImageSource>(new RegistryContentSource(store, image, name)) };
    }

    /// <summary>The same target, of which it is known how signatures in it are found; needed for <see cref="VerificationOptions.Keys"/> of what is a folder or a file.</summary>
    /// <param name="open">Opens the same place as a source, which is disposed of; that it cannot be opened is a finding.</param>
    public VerificationTarget WithSource(Func<CancellationToken, Task<IImageSource>> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return new VerificationTarget(Name, Form) { Stream = Stream, OpenStream = OpenStream, OpenSource = OpenSource, Store = Store, Image = Image, OpenSigned = open };
    }
}
