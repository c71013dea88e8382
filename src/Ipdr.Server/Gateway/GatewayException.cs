namespace Ipdr.Server.Gateway;

/// <summary>A request to the gateway that is refused.</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="message">For people.</param>
internal sealed class GatewayException(int status, string message) : Exception(message)
{
    public int Status => status;
}
