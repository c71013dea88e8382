using System.Text;

namespace Ipdr.Oci.Tests.Distribution;

/// <summary>What a registry answers, right or wrong.</summary>
internal sealed record FakeAnswer(int Status, byte[] Body, params string[] Headers)
{
    public FakeAnswer(int status, string body = "", params string[] headers)
        : this(status, Encoding.UTF8.GetBytes(body), headers)
    {
    }

    /// <summary>Close the connection after so many bytes of the body.</summary>
    public int CutAfter { get; init; } = -1;

    /// <summary>Send one byte, wait so long, and so on.</summary>
    public TimeSpan Trickle { get; init; }

    /// <summary>Say that the body has so many bytes.</summary>
    public long? PromisedLength { get; init; }

    /// <summary>Read only so much of the request's body, then answer, where there is a status, and close.</summary>
    public int HangUpAfter { get; init; } = -1;
}
