-- Ends a script that has settled by `settle`, which gives how the delivery stood and what else changed of the status. What only tells of a job must not be able to fail it: a status that cannot be
-- written is left, and the queue stays what counts.
local stands, changed = settle()
if stands == 1 or stands == 2 then
  pcall(function() add_event(write_status(changed)) end)
end
return stands
