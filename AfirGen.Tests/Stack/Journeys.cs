namespace AfirGen.Tests.Stack;

/// <summary>What an officer does, from the complaint to the registered FIR.</summary>
internal static class Journeys
{
    public static async Task<Reply> CompleteAsync(ApiClient client, string complaint = Complaints.Theft)
    {
        var processed = (await client.ProcessAsync(complaint)).RequireOk();
        for (var step = 0; step < 5; step++)
        {
            (await client.ApproveAsync(processed["session_id"])).RequireOk();
        }

        return processed;
    }

    /// <summary>Completes a session, supplies what registration says is missing, and registers.</summary>
    public static async Task<Reply> RegisterAsync(ApiClient client, string complaint = Complaints.Theft, string? key = null)
    {
        var processed = await CompleteAsync(client, complaint);
        var reply = await client.AuthenticateAsync(processed["fir_number"], EmbeddedStack.AuthKey, key);
        if (reply.ProblemType == "fir-incomplete")
        {
            var missing = reply.Json["missing_fields"]!.AsArray().Select(field => $"{field}: as told by the officer");
            (await client.CorrectAsync(processed["session_id"], string.Join('\n', missing))).RequireOk();
            (await client.ApproveAsync(processed["session_id"])).RequireOk();
            reply = await client.AuthenticateAsync(processed["fir_number"], EmbeddedStack.AuthKey, key);
        }

        reply.RequireOk();
        return processed;
    }
}
