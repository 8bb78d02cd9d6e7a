package mail

// Failed is failed.
func Failed(stage Stage, err error) *SendError { return failed(stage, err) }
