using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Ipdr.Oci.Faults;

namespace Ipdr.Oci.Distribution;

/// <summary>The words for what goes wrong with a registry.</summary>
internal static class RegistryFaults
{
    private const int MaxShown = 300;

    public static IpdrException Unreachable(Uri uri, Exception e)
    {
        Exception cause = e.GetBaseException();
        // A server that wants a client certificate ends the connection, and .NET then speaks of its own stream.
        bool isBrokenOff = cause is ObjectDisposedException;
        string said = isBrokenOff ? "it broke the connection off" : Printable(cause.Message.TrimEnd('.'));
        string remedy = cause is AuthenticationException
            ? $"Have the system trust its certificate (SSL_CERT_FILE), put its authority into /etc/docker/certs.d/{uri.Authority}/ca.crt, or take --insecure if you know why."
            : isBrokenOff ? $"If it wants a client certificate, put client.cert and client.key into /etc/docker/certs.d/{uri.Authority}."
            : cause is SocketException ? "Check the name, the network and HTTPS_PROXY." : "Try again later.";
        return new IpdrException(new Fault(FaultCode.RegistryUnreachable, $"the registry does not answer: {said}", Shown(uri), remedy), e);
    }

    public static IpdrException Stalled(Uri uri, TimeSpan patience, Exception? e = null) =>
        new(new Fault(FaultCode.RegistryUnreachable, $"nothing, or next to nothing, came from the registry for {Seconds(patience)}", Shown(uri), "Try again later."), e);

    public static IpdrException Refused(Uri uri, HttpStatusCode status, string said, string who = "the registry") => new(new Fault(
        FaultCode.RegistryFailed,
        string.Create(CultureInfo.InvariantCulture, $"{who} answers {(int)status} {status}{(said.Length == 0 ? "" : ": " + Printable(said))}"),
        Shown(uri),
        (int)status >= 500 ? "Try again later; its own log may say more." : "Check the name, and what the registry allows."));

    /// <param name="uri">What was asked.</param>
    /// <param name="status">The answer.</param>
    /// <param name="login">Where logging in may help; null where credentials were shown.</param>
    /// <param name="said">The reason given.</param>
    public static IpdrException Unauthorized(Uri uri, HttpStatusCode status, string? login, string said) => new(new Fault(
        FaultCode.Unauthorized,
        $"the registry refuses access ({(int)status}){(said.Length == 0 ? "" : ": " + Printable(said))}",
        Shown(uri),
        login is null ? "The credentials are wrong or not allowed this, or the repository does not exist." : $"Log in first: ipdr login {login}. Or the repository does not exist."));

    public static IpdrException BadAnswer(Uri uri, string what, string? expected = null, string? actual = null) =>
        new(new Fault(FaultCode.BadAnswer, what, Shown(uri), "Is this a registry? Something in between may have answered.") { Expected = expected, Actual = actual is null ? null : Printable(actual) });

    /// <summary>An address without its query, in which there may be secrets.</summary>
    public static string Shown(Uri uri) => uri.IsAbsoluteUri ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : uri.OriginalString;

    /// <summary>What a stranger said, fit for a message: one line, not long.</summary>
    public static string Printable(string text)
    {
        string shown = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
        return string.Concat(shown.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
