using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Images;
using Ipdr.Oci.Registries;

namespace Ipdr.Oci.Distribution;

/// <summary>Removes tags and manifests from a repository of a registry, and never more than was said.</summary>
/// <remarks>
/// Not every registry can delete a tag alone. Of one that cannot, the manifest is deleted, but only where no other tag leads to it: not by itself, and not as a part of an index.
/// Who looks and then deletes may miss what is pushed in between; registries have nothing against that.
/// </remarks>
public sealed class RegistryRemoval
{
    private readonly RegistryClient _client;

    private RegistryRemoval(RegistryClient client) => _client = client;

    /// <summary>Removes a tag, or a manifest with all its tags.</summary>
    /// <param name="image">The image, with a tag or a digest.</param>
    /// <param name="options">How the registry is talked to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The manifest that was deleted; null where only the tag was.</returns>
    /// <exception cref="ArgumentException">The image has neither tag nor digest, or both.</exception>
    /// <exception cref="IpdrException">There is none (<see cref="FaultCode.NotFound"/>), access is refused, or the registry cannot do this without removing more (<see cref="FaultCode.RegistryFailed"/>).</exception>
    public static async Task<Digest?> RemoveAsync(ImageReference image, RegistryOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Tag is null == image.Digest is null)
            throw new ArgumentException("either a tag or a digest has to be said", nameof(image));
        using RegistryClient client = new(image, options);
        RegistryRemoval removal = new(client);
        if (image.Tag is { } tag)
            return await removal.RemoveTagAsync(tag, cancellationToken).ConfigureAwait(false);
        await removal.RemoveManifestAsync(image.Digest!.Value, cancellationToken).ConfigureAwait(false);
        return image.Digest;
    }

    private async Task<Digest?> RemoveTagAsync(string tag, CancellationToken cancellationToken)
    {
        if ((await _client.DeleteAsync(tag, cancellationToken).ConfigureAwait(false)).Outcome == Deletion.Done)
            return null;
        // One that cannot delete tags may say that there is none.
        RegistryManifest manifest = await _client.TryGetManifestAsync(tag, cancellationToken).ConfigureAwait(false) ?? throw Absent();
        IReadOnlyList<string> others = await new TagUses(_client).FindAsync(manifest, tag, cancellationToken).ConfigureAwait(false);
        if (others.Count > 0)
            throw Shared(manifest.Digest, others);
        await RemoveManifestAsync(manifest.Digest, cancellationToken).ConfigureAwait(false);
        return manifest.Digest;
    }

    private async Task RemoveManifestAsync(Digest digest, CancellationToken cancellationToken)
    {
        Digest? subject = await SubjectOfAsync(digest, cancellationToken).ConfigureAwait(false);
        DeletionAnswer answer = await _client.DeleteAsync(digest.ToString(), cancellationToken).ConfigureAwait(false);
        if (answer.Outcome == Deletion.Absent)
            throw Absent();
        if (answer.Outcome == Deletion.Unsupported)
        {
            throw new IpdrException(new Fault(
                FaultCode.RegistryFailed, $"the registry does not delete manifests: {answer.Said}", $"{_client.Image.Name}@{digest}", "It has to be allowed there: storage.delete.enabled of docker-registry (REGISTRY_STORAGE_DELETE_ENABLED=true)."));
        }
        if (subject is not null)
            await ForgetAsync(subject.Value, digest, cancellationToken).ConfigureAwait(false);
    }

    // What cannot be read is deleted all the same.
    private async Task<Digest?> SubjectOfAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.TryGetManifestAsync(digest.ToString(), cancellationToken).ConfigureAwait(false) is { } manifest
                ? ManifestSummary.Read(manifest.Content, manifest.MediaType, _client.Image.Name).Subject?.Digest : null;
        }
        catch (IpdrException e) when (e.Fault.Code is not (FaultCode.Unauthorized or FaultCode.RegistryUnreachable))
        {
            return null;
        }
    }

    // distribution-spec, "Deleting Manifests": where the list of what refers to a manifest is kept by clients, who deletes a referrer takes it off the list.
    private async Task ForgetAsync(Digest subject, Digest referrer, CancellationToken cancellationToken)
    {
        try
        {
            await new RegistryReferrers(_client).ForgetAsync(subject, referrer, cancellationToken).ConfigureAwait(false);
        }
        catch (IpdrException e)
        {
            throw new IpdrException(e.Fault with { What = "the manifest is deleted, but the list of what refers to its subject still has it: " + e.Fault.What }, e);
        }
    }

    private IpdrException Absent() => new(new Fault(FaultCode.NotFound, "the registry has no such image", _client.Image.ToString(), $"See ipdr list docker://{_client.Image.Name}"));

    private IpdrException Shared(Digest digest, IReadOnlyList<string> others)
    {
        const int Shown = 20;
        string names = string.Join(", ", others.Take(Shown)) + (others.Count > Shown ? $" and {others.Count - Shown} more" : "");
        return new IpdrException(new Fault(
            FaultCode.RegistryFailed,
            $"the registry cannot delete a tag alone, and its manifest is needed by other tags: {names}",
            _client.Image.ToString(),
            $"Nothing was deleted. To delete the manifest for all of them: ipdr rm docker://{_client.Image.Name}@{digest}"));
    }
}
