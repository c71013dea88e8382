using Ipdr.Oci.Digests;

namespace Ipdr.Oci.Verification.Views;

/// <summary><c>manifests/DIGEST</c> and <c>blobs/DIGEST</c> of one repository of a registry layout.</summary>
/// <param name="prefix">The repository's folder with a slash at its end; empty when it is the target itself.</param>
internal sealed class RepositoryBlobNames(string prefix) : IBlobNames
{
    private readonly Dictionary<Digest, string> _tagged = [];

    /// <summary>A manifest that perhaps only a tag names is found under that.</summary>
    public void AddManifest(Digest digest, string path) => _tagged[digest] = path;

    public string OfManifest(Digest digest) => _tagged.GetValueOrDefault(digest) ?? $"{prefix}manifests/{digest}";

    public string OfBlob(Digest digest) => $"{prefix}blobs/{digest}";
}
