using System.Globalization;
using System.Text;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What a registry answers, right or wrong.</summary>
internal sealed record FakeAnswer(int Status, byte[] Body, params string[] Headers)
{
    public FakeAnswer(int status, string body = "", params string[] headers)
        : this(status, Encoding.UTF8.GetBytes(body), headers)
    {
    }

    /// <summary>What says that the body is sent in chunks; then its length is not told.</summary>
    public const string Chunked = "Transfer-Encoding: chunked";

    /// <summary>A body in one chunk, so that nobody is told how long it is.</summary>
    public static FakeAnswer OfUntoldLength(byte[] body) =>
        new(200, [.. Encoding.ASCII.GetBytes(body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. body, .. "\r\n0\r\n\r\n"u8], Chunked);

    /// <summary>Close the connection after so many bytes of the body.</summary>
    public int CutAfter { get; init; } = -1;

    /// <summary>Send one byte, wait so long, and so on.</summary>
    public TimeSpan Trickle { get; init; }

    /// <summary>Say that the body has so many bytes.</summary>
    public long? PromisedLength { get; init; }

    /// <summary>Read only so much of the request's body, then answer, where there is a status, and close.</summary>
    public int HangUpAfter { get; init; } = -1;
}
