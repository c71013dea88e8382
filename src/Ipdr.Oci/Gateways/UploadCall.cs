using System.Runtime.ExceptionServices;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways;

/// <summary>Sends a CAR and waits for what is said about it.</summary>
internal static class UploadCall
{
    /// <summary>How long a receiver may take to look through what it was sent, and to keep it.</summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(10);

    /// <summary>Posts a CAR. The answer is the caller's.</summary>
    /// <exception cref="SourceException">The receiver stalls, hangs up or cannot be reached.</exception>
    public static async Task<HttpResponseMessage> SendCarAsync(HttpPeer peer, string relative, Cid root, IAsyncEnumerable<DagPiece> blocks, CancellationToken cancellationToken)
    {
        using CancellationTokenSource watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using HttpRequestMessage request = new(HttpMethod.Post, peer.Resolve(relative));
        using CarUpload upload = new(root, blocks, watch, peer.Options.Patience, Afterwards);
        request.Content = upload;
        // Who refuses shall do so before all of it has been sent.
        request.Headers.ExpectContinue = true;
        try
        {
            return await peer.SendAsync(request, Timeout.InfiniteTimeSpan, watch.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw SourceFaults.Stalled(peer.Name, upload.IsSent ? Afterwards : peer.Options.Patience, e);
        }
        catch (SourceException) when (upload.Failure is not null)
        {
            ExceptionDispatchInfo.Throw(upload.Failure);
            throw;
        }
    }
}
