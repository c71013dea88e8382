using System.Net;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution;

/// <content>What a repository shall have no longer.</content>
public sealed partial class RegistryClient
{
    /// <summary>Asks for a tag or a manifest to be deleted (distribution-spec, "Deleting tags", "Deleting Manifests").</summary>
    /// <param name="reference">A tag: then the manifest stays. A digest: then its tags go as well.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpdrException">The registry does not answer, or refuses for another reason than those that the answer tells.</exception>
    internal async Task<DeletionAnswer> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        // Token servers have no common word for it; what the registry itself asks for is added. Repeated, it would be missing the second time.
        RegistryRequest request = new(HttpMethod.Delete, Below($"manifests/{reference}"), PushScope) { CanRepeat = false };
        using HttpResponseMessage answer = await _transport.SendAsync(request, cancellationToken).ConfigureAwait(false);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.NotFound:
                return new DeletionAnswer(Deletion.Absent, "");
            // Older ones take a tag for a malformed digest.
            case HttpStatusCode.BadRequest or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented:
                string said = await SmallBody.ReasonAsync(answer, Options.Patience, cancellationToken).ConfigureAwait(false);
                return new DeletionAnswer(Deletion.Unsupported, $"{(int)answer.StatusCode}{(said.Length == 0 ? "" : " " + RegistryFaults.Printable(said))}");
            default:
                await _transport.RequireAsync(answer, cancellationToken).ConfigureAwait(false);
                return new DeletionAnswer(Deletion.Done, "");
        }
    }
}
