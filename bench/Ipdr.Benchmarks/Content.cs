namespace Ipdr.Benchmarks;

/// <summary>Content that is the same in every run.</summary>
internal static class Content
{
    /// <summary>Byte i is i mod 251.</summary>
    public static byte[] OfLength(int length)
    {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++)
            content[i] = (byte)(i % 251);
        return content;
    }
}
